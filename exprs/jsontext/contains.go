package jsontext

// Contains is `a @> b`. An object contains another when it has each of its keys with a value that contains the other's; an array contains another
// when each of its elements is equal to, or contained in, one of its own, in any order and however often; scalars contain their equals. Numbers are
// equal by value. At the top, and only there, an array contains a scalar that is among its elements.
func Contains(a, b string) bool {
	var c containment
	return c.contains(a, b)
}

// containment is a comparison that may be watched: arrays take the product of their lengths. Once it was stopped the answers mean nothing.
type containment struct {
	watcher watcher
	err     error
}

func (c *containment) contains(a, b string) bool {
	ka, kb := KindOf(a), KindOf(b)
	if (ka == Object) != (kb == Object) || kb == Array && ka != Array {
		return false
	}
	if kb == Object {
		return c.containsObject(a, b)
	}
	return c.containsElements(a, b)
}

// containsObject walks both objects once: their keys stand in the same order.
func (c *containment) containsObject(a, b string) bool {
	have, want := membersOf(a), membersOf(b)
	for {
		key, value, ok := want.next()
		if !ok {
			return true
		}
		for {
			k, v, ok := have.next()
			if !ok {
				return false
			}
			if order := compareKeys(k, key); order == 0 {
				if !c.containsValue(v, value) {
					return false
				}
				break
			} else if order > 0 {
				return false
			}
		}
	}
}

// containsElements compares arrays, and scalars as arrays of themselves.
func (c *containment) containsElements(a, b string) bool {
	for want := elementsOf(b); ; {
		elem, ok := want.next()
		if !ok {
			return true
		}
		if !c.containsElement(a, elem) {
			return false
		}
	}
}

func (c *containment) containsElement(a, elem string) bool {
	for have := elementsOf(a); ; {
		e, ok := have.next()
		if !ok || c.err != nil {
			return false
		}
		if c.err = c.watcher.worked(len(e)); c.err != nil {
			return false
		}
		if c.containsValue(e, elem) {
			return true
		}
	}
}

// containsValue is containment below the top, where kinds have to agree.
func (c *containment) containsValue(a, b string) bool {
	k := KindOf(a)
	if k != KindOf(b) {
		return false
	}
	switch k {
	case Object:
		return c.containsObject(a, b)
	case Array:
		return c.containsElements(a, b)
	case Number:
		return a == b || trimNumber(a) == trimNumber(b)
	default:
		return a == b
	}
}

package jsontext

// Contains is `a @> b`. An object contains another when it has each of its keys with a value that contains the other's; an array contains another
// when each of its elements is equal to, or contained in, one of its own, in any order and however often; scalars contain their equals. Numbers are
// equal by value. At the top, and only there, an array contains a scalar that is among its elements.
func Contains(a, b string) bool {
	ka, kb := KindOf(a), KindOf(b)
	if (ka == Object) != (kb == Object) || kb == Array && ka != Array {
		return false
	}
	if kb == Object {
		return containsObject(a, b)
	}
	return containsElements(a, b)
}

// containsObject walks both objects once: their keys stand in the same order.
func containsObject(a, b string) bool {
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
			if c := compareKeys(k, key); c == 0 {
				if !containsValue(v, value) {
					return false
				}
				break
			} else if c > 0 {
				return false
			}
		}
	}
}

// containsElements compares arrays, and scalars as arrays of themselves.
func containsElements(a, b string) bool {
	for want := elementsOf(b); ; {
		elem, ok := want.next()
		if !ok {
			return true
		}
		if !containsElement(a, elem) {
			return false
		}
	}
}

func containsElement(a, elem string) bool {
	for have := elementsOf(a); ; {
		e, ok := have.next()
		if !ok {
			return false
		}
		if containsValue(e, elem) {
			return true
		}
	}
}

// containsValue is containment below the top, where kinds have to agree.
func containsValue(a, b string) bool {
	k := KindOf(a)
	if k != KindOf(b) {
		return false
	}
	switch k {
	case Object:
		return containsObject(a, b)
	case Array:
		return containsElements(a, b)
	case Number:
		return a == b || trimNumber(a) == trimNumber(b)
	default:
		return a == b
	}
}

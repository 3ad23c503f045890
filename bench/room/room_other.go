//go:build !linux

package room

func freeDisk(string) (int64, bool) { return 0, false }

func freeMemory() (int64, bool) { return 0, false }

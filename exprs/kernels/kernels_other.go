//go:build !amd64 || purego

package kernels

// vectors tells whether there is assembly. Without it all rows are left to the loops in Go.
const vectors = false

func byGroup([]Cell, []uint32, []int64, []uint64, bool) int { return 0 }

func count([]int64, []uint32, []uint64) int { return 0 }

func where(*Cell, []int64, []uint64) int { return 0 }

func within([]uint64, []int64, int64, int64) int { return 0 }

func look([]uint64, []uint16, []uint8) int { return 0 }

func pack([]uint64, []uint8) int { return 0 }

func spread([]uint8, []uint64) int { return 0 }

func rowsOf([]int32, []uint64, int, int32) (rows, set int) { return 0, 0 }

func number([]uint32, []uint16, []uint32, []uint8) (rows int, known bool) { return 0, true }

func swapCase([]byte, []byte, byte, byte) (n int, ascii bool) { return 0, true }

func indexPair([]byte, byte, byte, int) (n, at int) { return 0, -1 }

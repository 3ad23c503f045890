package history

const (
	nodeCount   = 32
	actorCount  = 16 // on each node, over all kinds of jobs
	threadCount = 64
)

// kind is a job type. Means are binary logarithms in 1/65536.
type kind struct {
	name     string
	upTo     uint64 // of 10,000: the share of this kind and those before it
	actors   int
	done     uint64 // of 10,000 that ended: completed
	failed   uint64 // of 10,000 that ended: completed or failed
	duration int64  // microseconds
	memory   int64  // bytes
}

// The places of the kinds.
const (
	flush = iota
	compact
	cleanup
	backup
	retention
	migrate
	kindCount
)

// kinds have medians of 0.8, 12, 3, 90, 5 and 20 seconds, and of 24, 180, 10, 320, 16 and 64 MiB.
var kinds = [kindCount]kind{
	{"flush", 7000, 8, 9500, 9850, 1285137, 1611200},
	{"compact", 8400, 4, 8830, 9600, 1541179, 1801706},
	{"cleanup", 9000, 1, 8830, 9600, 1410107, 1528426},
	{"backup", 9500, 1, 8830, 9600, 1731685, 1856106},
	{"retention", 9800, 1, 8830, 9600, 1458405, 1572864},
	{"migrate", 10000, 1, 8830, 9600, 1589477, 1703936},
}

const (
	durationSpread = 160
	memorySpread   = 130
	cpuSpread      = 50
	waitSpread     = 220
	waitMean       = 1001903 // 40 ms
	countSpread    = 200
	countMean      = 786432 // 4,096 records in a flush
)

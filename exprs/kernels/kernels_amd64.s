//go:build !purego

#include "textflag.h"

// AVX-512 (F, BW, DQ, VL). Rows are taken by 8, a vector of int64; what is left over is done in Go.

DATA one<>+0(SB)/8, $1
GLOBL one<>(SB), RODATA|NOPTR, $8

DATA set<>+0(SB)/8, $-1
DATA set<>+8(SB)/8, $-1
GLOBL set<>(SB), RODATA|NOPTR, $16

// BITS makes a nil pointer to bits, whose step is 0, one to bits that are set.
#define BITS \
	LEAQ set<>(SB), R9 \
	TESTQ BX, BX \
	CMOVQEQ R9, BX

// SIX gives six groups, from the number of AX on, a register each.
#define SIX \
	VPBROADCASTD AX, Y26 \
	INCL AX \
	VPBROADCASTD AX, Y27 \
	INCL AX \
	VPBROADCASTD AX, Y28 \
	INCL AX \
	VPBROADCASTD AX, Y29 \
	INCL AX \
	VPBROADCASTD AX, Y30 \
	INCL AX \
	VPBROADCASTD AX, Y31

// ADD adds the values of Z24 to the cell (sum, number, least, greatest) of a group, where the number of Y25 is the group's and the bit of K1 set.
#define ADD(GROUP, SUM, N, LEAST, GREATEST) \
	VPCMPEQD GROUP, Y25, K1, K2 \
	VPADDQ Z24, SUM, K2, SUM \
	VPADDQ.BCST one<>(SB), N, K2, N \
	VPMINSQ Z24, LEAST, K2, LEAST \
	VPMAXSQ Z24, GREATEST, K2, GREATEST

// LOAD and STORE move a cell of eight lanes.
#define LOAD(AT, SUM, N, LEAST, GREATEST) \
	VMOVDQU64 (AT)(DI), SUM \
	VMOVDQU64 (AT+64)(DI), N \
	VMOVDQU64 (AT+128)(DI), LEAST \
	VMOVDQU64 (AT+192)(DI), GREATEST

#define STORE(AT, SUM, N, LEAST, GREATEST) \
	VMOVDQU64 SUM, (AT)(DI) \
	VMOVDQU64 N, (AT+64)(DI) \
	VMOVDQU64 LEAST, (AT+128)(DI) \
	VMOVDQU64 GREATEST, (AT+192)(DI)

// func addSix(cells *[6]lanes, groups *uint32, values *int64, valid *uint64, step, eights int, first uint32)
TEXT ·addSix(SB), NOSPLIT, $0-52
	MOVQ cells+0(FP), DI
	MOVQ groups+8(FP), SI
	MOVQ values+16(FP), DX
	MOVQ valid+24(FP), BX
	BITS
	MOVQ step+32(FP), R8
	MOVQ eights+40(FP), CX
	MOVL first+48(FP), AX

	LOAD(0, Z0, Z1, Z2, Z3)
	LOAD(256, Z4, Z5, Z6, Z7)
	LOAD(512, Z8, Z9, Z10, Z11)
	LOAD(768, Z12, Z13, Z14, Z15)
	LOAD(1024, Z16, Z17, Z18, Z19)
	LOAD(1280, Z20, Z21, Z22, Z23)
	SIX

rows:
	VMOVDQU64 (DX), Z24
	VMOVDQU32 (SI), Y25
	KMOVB (BX), K1
	ADD(Y26, Z0, Z1, Z2, Z3)
	ADD(Y27, Z4, Z5, Z6, Z7)
	ADD(Y28, Z8, Z9, Z10, Z11)
	ADD(Y29, Z12, Z13, Z14, Z15)
	ADD(Y30, Z16, Z17, Z18, Z19)
	ADD(Y31, Z20, Z21, Z22, Z23)
	ADDQ $64, DX
	ADDQ $32, SI
	ADDQ R8, BX
	DECQ CX
	JNZ rows

	STORE(0, Z0, Z1, Z2, Z3)
	STORE(256, Z4, Z5, Z6, Z7)
	STORE(512, Z8, Z9, Z10, Z11)
	STORE(768, Z12, Z13, Z14, Z15)
	STORE(1024, Z16, Z17, Z18, Z19)
	STORE(1280, Z20, Z21, Z22, Z23)
	VZEROUPPER
	RET

// MARKED adds to a sum the marked values of Z15, and to the greatest the values of Z24, where the number of Y25 is the group's and the bit of K1 set.
#define MARKED(GROUP, SUM, GREATEST) \
	VPCMPEQD GROUP, Y25, K1, K2 \
	VPADDQ Z15, SUM, K2, SUM \
	VPMAXSQ Z24, GREATEST, K2, GREATEST

// UNMARK takes a sum of marked values apart, and adds sum and number to a cell.
#define UNMARK(AT, SUM, GREATEST) \
	VPADDQ Z13, SUM, Z24 \
	VPSRAQ $55, Z24, Z24 \
	VPSLLQ $55, Z24, Z25 \
	VPSUBQ Z25, SUM, SUM \
	VPADDQ (AT)(DI), SUM, SUM \
	VPADDQ (AT+64)(DI), Z24, Z24 \
	VMOVDQU64 SUM, (AT)(DI) \
	VMOVDQU64 Z24, (AT+64)(DI) \
	VMOVDQU64 GREATEST, (AT+192)(DI)

// func markSix(cells *[6]lanes, groups *uint32, values *int64, valid *uint64, step, eights int, first uint32) bool
TEXT ·markSix(SB), NOSPLIT, $0-57
	MOVQ cells+0(FP), DI
	MOVQ groups+8(FP), SI
	MOVQ values+16(FP), DX
	MOVQ valid+24(FP), BX
	BITS
	MOVQ step+32(FP), R8
	MOVQ eights+40(FP), CX
	MOVL first+48(FP), AX

	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z14, Z14, Z14 // all bits of the values, less those that only repeat the sign
	VMOVDQU64 192(DI), Z6
	VMOVDQU64 448(DI), Z7
	VMOVDQU64 704(DI), Z8
	VMOVDQU64 960(DI), Z9
	VMOVDQU64 1216(DI), Z10
	VMOVDQU64 1472(DI), Z11
	SIX
	MOVQ $1, AX
	SHLQ $55, AX
	VPBROADCASTQ AX, Z12 // the mark
	SHRQ $1, AX
	VPBROADCASTQ AX, Z13

rows:
	VMOVDQU64 (DX), Z24
	VMOVDQU32 (SI), Y25
	KMOVB (BX), K1
	VPSRAQ $63, Z24, Z15
	VPTERNLOGQ $0xf6, Z15, Z24, K1, Z14 // Z14 |= Z24 ^ Z15
	VPADDQ Z12, Z24, Z15
	MARKED(Y26, Z0, Z6)
	MARKED(Y27, Z1, Z7)
	MARKED(Y28, Z2, Z8)
	MARKED(Y29, Z3, Z9)
	MARKED(Y30, Z4, Z10)
	MARKED(Y31, Z5, Z11)
	ADDQ $64, DX
	ADDQ $32, SI
	ADDQ R8, BX
	DECQ CX
	JNZ rows

	VPSRLQ $47, Z14, Z14
	VPTESTMQ Z14, Z14, K1
	KTESTB K1, K1
	JNZ wide
	UNMARK(0, Z0, Z6)
	UNMARK(256, Z1, Z7)
	UNMARK(512, Z2, Z8)
	UNMARK(768, Z3, Z9)
	UNMARK(1024, Z4, Z10)
	UNMARK(1280, Z5, Z11)
	VZEROUPPER
	MOVB $1, ret+56(FP)
	RET

wide:
	VZEROUPPER
	MOVB $0, ret+56(FP)
	RET

// func addOne(cell *lanes, values *int64, keep *uint64, step, eights int)
TEXT ·addOne(SB), NOSPLIT, $0-40
	MOVQ cell+0(FP), DI
	MOVQ values+8(FP), DX
	MOVQ keep+16(FP), BX
	BITS
	MOVQ step+24(FP), R8
	MOVQ eights+32(FP), CX
	LOAD(0, Z0, Z1, Z2, Z3)
	VPBROADCASTQ one<>(SB), Z5

rows:
	KMOVB (BX), K1
	VMOVDQU64 (DX), Z4
	VPADDQ Z4, Z0, K1, Z0
	VPADDQ Z5, Z1, K1, Z1
	VPMINSQ Z4, Z2, K1, Z2
	VPMAXSQ Z4, Z3, K1, Z3
	ADDQ $64, DX
	ADDQ R8, BX
	DECQ CX
	JNZ rows

	STORE(0, Z0, Z1, Z2, Z3)
	VZEROUPPER
	RET

// COUNT counts the rows of a group among sixteen.
#define COUNT(GROUP, N) \
	VPCMPEQD GROUP, Z20, K1, K2 \
	VPSUBD Z21, N, K2, N

// func countEight(n *[8][16]uint32, groups *uint32, valid *uint64, step, sixteens int, first uint32)
TEXT ·countEight(SB), NOSPLIT, $0-44
	MOVQ n+0(FP), DI
	MOVQ groups+8(FP), SI
	MOVQ valid+16(FP), BX
	BITS
	MOVQ step+24(FP), R8
	MOVQ sixteens+32(FP), CX
	MOVL first+40(FP), AX

	VMOVDQU64 (DI), Z0
	VMOVDQU64 64(DI), Z1
	VMOVDQU64 128(DI), Z2
	VMOVDQU64 192(DI), Z3
	VMOVDQU64 256(DI), Z4
	VMOVDQU64 320(DI), Z5
	VMOVDQU64 384(DI), Z6
	VMOVDQU64 448(DI), Z7
	VPBROADCASTD AX, Z8
	INCL AX
	VPBROADCASTD AX, Z9
	INCL AX
	VPBROADCASTD AX, Z10
	INCL AX
	VPBROADCASTD AX, Z11
	INCL AX
	VPBROADCASTD AX, Z12
	INCL AX
	VPBROADCASTD AX, Z13
	INCL AX
	VPBROADCASTD AX, Z14
	INCL AX
	VPBROADCASTD AX, Z15
	VPTERNLOGD $0xff, Z21, Z21, Z21 // -1

rows:
	VMOVDQU32 (SI), Z20
	KMOVW (BX), K1
	COUNT(Z8, Z0)
	COUNT(Z9, Z1)
	COUNT(Z10, Z2)
	COUNT(Z11, Z3)
	COUNT(Z12, Z4)
	COUNT(Z13, Z5)
	COUNT(Z14, Z6)
	COUNT(Z15, Z7)
	ADDQ $64, SI
	ADDQ R8, BX
	DECQ CX
	JNZ rows

	VMOVDQU64 Z0, (DI)
	VMOVDQU64 Z1, 64(DI)
	VMOVDQU64 Z2, 128(DI)
	VMOVDQU64 Z3, 192(DI)
	VMOVDQU64 Z4, 256(DI)
	VMOVDQU64 Z5, 320(DI)
	VMOVDQU64 Z6, 384(DI)
	VMOVDQU64 Z7, 448(DI)
	VZEROUPPER
	RET

// func withinWords(out *uint64, values *int64, lo int64, width uint64, words int)
TEXT ·withinWords(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ values+8(FP), SI
	VPBROADCASTQ lo+16(FP), Z0
	VPBROADCASTQ width+24(FP), Z1
	MOVQ words+32(FP), CX

// IN tells of eight values whether they lie in the range.
#define IN(AT) \
	VMOVDQU64 (AT*64)(SI), Z2 \
	VPSUBQ Z0, Z2, Z2 \
	VPCMPUQ $2, Z1, Z2, K1 \
	KMOVB K1, AT(DI)

rows:
	IN(0)
	IN(1)
	IN(2)
	IN(3)
	IN(4)
	IN(5)
	IN(6)
	IN(7)
	ADDQ $512, SI
	ADDQ $8, DI
	DECQ CX
	JNZ rows
	VZEROUPPER
	RET

// func lookWords(out *uint64, codes *uint16, pass *[maxCodes]uint16, words int)
TEXT ·lookWords(SB), NOSPLIT, $0-32
	MOVQ out+0(FP), DI
	MOVQ codes+8(FP), SI
	MOVQ pass+16(FP), DX
	MOVQ words+24(FP), CX
	VMOVDQU64 (DX), Z0
	VMOVDQU64 64(DX), Z1

rows:
	VMOVDQU16 (SI), Z2
	VMOVDQU16 64(SI), Z3
	VPERMI2W Z1, Z0, Z2
	VPERMI2W Z1, Z0, Z3
	VPMOVW2M Z2, K1
	VPMOVW2M Z3, K2
	KMOVD K1, (DI)
	KMOVD K2, 4(DI)
	ADDQ $128, SI
	ADDQ $8, DI
	DECQ CX
	JNZ rows
	VZEROUPPER
	RET

// func packWords(out *uint64, bytes *uint8, words int)
TEXT ·packWords(SB), NOSPLIT, $0-24
	MOVQ out+0(FP), DI
	MOVQ bytes+8(FP), SI
	MOVQ words+16(FP), CX

rows:
	VMOVDQU8 (SI), Z0
	VPTESTMB Z0, Z0, K1
	KMOVQ K1, (DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ rows
	VZEROUPPER
	RET

// func spreadWords(bytes *uint8, bits *uint64, words int)
TEXT ·spreadWords(SB), NOSPLIT, $0-24
	MOVQ bytes+0(FP), DI
	MOVQ bits+8(FP), SI
	MOVQ words+16(FP), CX
	MOVL $1, AX
	VPBROADCASTB AX, Z0

rows:
	KMOVQ (SI), K1
	VMOVDQU8.Z Z0, K1, Z1
	VMOVDQU8 Z1, (DI)
	ADDQ $8, SI
	ADDQ $64, DI
	DECQ CX
	JNZ rows
	VZEROUPPER
	RET

// rows are the numbers of sixteen rows.
DATA rows<>+0(SB)/8, $0x0000000100000000
DATA rows<>+8(SB)/8, $0x0000000300000002
DATA rows<>+16(SB)/8, $0x0000000500000004
DATA rows<>+24(SB)/8, $0x0000000700000006
DATA rows<>+32(SB)/8, $0x0000000900000008
DATA rows<>+40(SB)/8, $0x0000000b0000000a
DATA rows<>+48(SB)/8, $0x0000000d0000000c
DATA rows<>+56(SB)/8, $0x0000000f0000000e
GLOBL rows<>(SB), RODATA|NOPTR, $64

// func rowsOfSixteens(out *int32, bits *uint64, first int32, sixteens int) int
TEXT ·rowsOfSixteens(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ bits+8(FP), SI
	MOVL first+16(FP), AX
	MOVQ sixteens+24(FP), CX
	MOVQ DI, DX
	VPBROADCASTD AX, Z0
	VPADDD rows<>(SB), Z0, Z0
	MOVL $16, AX
	VPBROADCASTD AX, Z2

rows:
	KMOVW (SI), K1
	VPCOMPRESSD.Z Z0, K1, Z1
	VMOVDQU32 Z1, (DI)
	KMOVW K1, R8
	POPCNTL R8, R8
	LEAQ (DI)(R8*4), DI
	VPADDD Z2, Z0, Z0
	ADDQ $2, SI
	DECQ CX
	JNZ rows

	SUBQ DX, DI
	SHRQ $2, DI
	MOVQ DI, ret+32(FP)
	VZEROUPPER
	RET

// func numberSixteens(out *uint32, codes *uint16, numbers *[FewCodes]uint32, keep *uint8, step, sixteens int) bool
TEXT ·numberSixteens(SB), NOSPLIT, $0-49
	MOVQ out+0(FP), DI
	MOVQ codes+8(FP), SI
	MOVQ numbers+16(FP), DX
	MOVQ keep+24(FP), BX
	BITS
	MOVQ step+32(FP), R8
	MOVQ sixteens+40(FP), CX
	VMOVDQU32 (DX), Z0
	VMOVDQU32 64(DX), Z1
	VPTERNLOGD $0xff, Z4, Z4, Z4 // -1
	VPXORD Z6, Z6, Z6

rows:
	VPMOVZXWD (SI), Z2
	VPERMI2D Z1, Z0, Z2
	VMOVDQU8 (BX), X3
	VPTESTMB X3, X3, K1
	VMOVDQA32 Z4, Z5
	VMOVDQA32 Z2, K1, Z5
	VPORD Z2, Z6, K1, Z6
	VMOVDQU32 Z5, (DI)
	ADDQ $32, SI
	ADDQ $64, DI
	ADDQ R8, BX
	DECQ CX
	JNZ rows

	VPMOVD2M Z6, K1
	KTESTW K1, K1
	SETEQ ret+48(FP)
	VZEROUPPER
	RET

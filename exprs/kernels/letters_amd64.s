//go:build !purego

#include "textflag.h"

// func swapCaseWords(to, from *byte, first, width, words int) bool
TEXT ·swapCaseWords(SB), NOSPLIT, $0-41
	MOVQ to+0(FP), DI
	MOVQ from+8(FP), SI
	MOVQ first+16(FP), AX
	VPBROADCASTB AX, Z1
	MOVQ width+24(FP), AX
	VPBROADCASTB AX, Z2
	MOVL $0x20, AX
	VPBROADCASTB AX, Z3
	MOVQ words+32(FP), CX
	VPXORQ Z4, Z4, Z4 // the bits of all bytes

bytes:
	VMOVDQU8 (SI), Z0
	VPORQ Z0, Z4, Z4
	VPSUBB Z1, Z0, Z5
	VPCMPUB $2, Z2, Z5, K1 // not above
	VMOVDQU8.Z Z3, K1, Z5
	VPXORQ Z5, Z0, Z0
	VMOVDQU8 Z0, (DI)
	ADDQ $64, SI
	ADDQ $64, DI
	DECQ CX
	JNZ bytes

	VPMOVB2M Z4, K1
	KTESTQ K1, K1
	SETEQ ret+40(FP)
	VZEROUPPER
	RET

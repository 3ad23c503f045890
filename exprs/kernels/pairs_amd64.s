//go:build !purego

#include "textflag.h"

// func indexPairWords(places *byte, gap, a, b, words int) int
TEXT ·indexPairWords(SB), NOSPLIT, $0-48
	MOVQ places+0(FP), SI
	MOVQ gap+8(FP), R8
	MOVQ a+16(FP), AX
	VPBROADCASTB AX, Z1
	MOVQ b+24(FP), AX
	VPBROADCASTB AX, Z2
	MOVQ words+32(FP), CX
	MOVQ SI, DX

blocks:
	VPCMPEQB (SI), Z1, K1
	VPCMPEQB (SI)(R8*1), Z2, K1, K2
	KORTESTQ K2, K2
	JNZ found
	ADDQ $64, SI
	DECQ CX
	JNZ blocks
	MOVQ $-1, ret+40(FP)
	VZEROUPPER
	RET

found:
	KMOVQ K2, AX
	TZCNTQ AX, AX
	SUBQ DX, SI
	ADDQ SI, AX
	MOVQ AX, ret+40(FP)
	VZEROUPPER
	RET

"""One version of mogul against another, on the cases of compare.py: python3 bench/versions.py BEFORE AFTER [ROUNDS]

BEFORE and AFTER are programs mogul_em, each built with its version (-DMOGUL_BUILD_BENCHMARKS=ON, target mogul_em). They
run in turn, ROUNDS times, by default 7. A case has become slower where the median of AFTER is above every time of BEFORE.
"""

import statistics
import sys

from compare import CASES, Timing, disagreement, make_data


def main():
    before_program, after_program = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    slower, ratios = [], []
    print("| N, D, K | before, ms per iteration | after | after / before | likelihoods differ by |\n|---|---|---|---|---|")
    for case in CASES:
        make_data(*case[:3], case.separation, float32=case.dtype == "float32")
        before, after = (Timing([program], case.covariance, case.dtype) for program in (before_program, after_program))
        for _ in range(rounds):
            before.once()
            after.once()
        old, new = before.spread(), after.spread()
        ratios.append(new["median"] / old["median"])
        if new["median"] > old["max"]:
            slower.append(str(case))
        print(f"| {case} | {old['median']:.2f} ({old['min']:.2f} to {old['max']:.2f}) | {new['median']:.2f} "
              f"({new['min']:.2f} to {new['max']:.2f}) | {ratios[-1]:.3f} | {disagreement(after, before):.1e} |", flush=True)
    print(f"\ngeometric mean {statistics.geometric_mean(ratios):.3f}; slower: {', '.join(slower) or 'none'}")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())

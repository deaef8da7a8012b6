"""Values of one picture's map for the test `the_map_is_that_of_the_training`.

`python golden.py MODEL.onnx > ../src/glance/golden.rs`
"""

import sys

import numpy as np

from evaluate import Net

LETTERS = ["1110 0110 1001 0111 1110 1001", "1001 1001 1101 0010 1000 1001", "1110 1111 1011 0010 1110 1111",
           "1001 1001 1001 0010 1000 1001", "1001 1001 1001 0111 1110 1001"]


def picture(width, height):
    state, v = 12345, np.empty(width * height, np.float32)
    for at in range(width * height):
        state = (state * 1664525 + 1013904223) % 2 ** 32
        v[at] = np.floor((at % width) // 4 + (state >> 24) / 16)
    v = v.reshape(height, width)
    for row, line in enumerate(LETTERS):
        for column, c in enumerate(line):
            if c == "1":
                v[40 + 2 * row: 42 + 2 * row, 30 + 2 * column: 32 + 2 * column] = 120
    return v


def main():
    p = Net(sys.argv[1]).look(picture(150, 110))
    cells = [(c, r) for r in (0, 3, 9, 10, 11, 12, 14, 20, 27) for c in (0, 5, 8, 12, 17, 21, 30, 37)]
    print("//! What the training's code computes for the picture of the tests.")
    print()
    print("/// Column, row and probability; made by `crates/ocr/training/golden.py`.")
    print(f"pub(super) const GOLDEN: [(usize, usize, f32); {len(cells)}] = [")
    for c, r in cells:
        print(f"    ({c}, {r}, {p[r, c]:.5f}),")
    print("];")


if __name__ == "__main__":
    main()

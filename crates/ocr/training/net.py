"""The network: 4 x H/2 x W/2 (blocks of 2 x 2 of the view) to one logit for each 4 x 4 pixels.

Dense 3 x 3 convolutions only: the runtime of the first design (`rten`) has no fast path for depthwise
ones. Strides 4, 8 and 16, one way down and half of one up again.
"""

import torch
from torch import nn
from torch.nn import functional as nf

C4, C8, C16 = 24, 32, 48


class Block(nn.Module):
    """Convolution, normalisation, ReLU; with its input added where the shapes allow."""

    def __init__(self, i, o, k=3, stride=1, skip=False):
        super().__init__()
        self.conv = nn.Conv2d(i, o, k, stride, k // 2, bias=False)
        self.norm = nn.BatchNorm2d(o, momentum=0.03)
        self.skip = skip

    def forward(self, x):
        y = nf.relu(self.norm(self.conv(x)))
        return x + y if self.skip else y


class Glance(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Block(4, C4, 5, 2)
        self.down8 = Block(C4, C8, 3, 2)
        self.b8 = Block(C8, C8, skip=True)
        self.down16 = Block(C8, C16, 3, 2)
        self.b16 = nn.ModuleList([Block(C16, C16, skip=True) for _ in range(3)])
        self.up = nn.Conv2d(C16, 4 * C8, 1)
        self.out8 = Block(C8, C8)
        self.head = nn.Conv2d(C8, 4, 1)
        self.side = nn.Conv2d(C4, 1, 1)

    def forward(self, x):
        a = self.stem(x)
        b = self.b8(self.down8(a))
        c = self.down16(b)
        for m in self.b16:
            c = m(c)
        b = self.out8(b + nf.pixel_shuffle(self.up(c), 2))
        return nf.pixel_shuffle(self.head(b), 2) + self.side(a)

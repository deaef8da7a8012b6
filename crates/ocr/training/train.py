"""Trains `net.Glance` on the shards that `sample.py` writes, as they come.

`python train.py --shards DIR --out DIR --minutes M [--from CHECKPOINT]`
"""

import argparse
import glob
import os
import time

import numpy as np
import torch
from torch.nn import functional as nf

from net import Glance


class Pool:
    """All shards so far, in memory; new ones are looked for now and then."""

    def __init__(self, pattern, limit):
        self.pattern, self.limit, self.names, self.x, self.y = pattern, limit, set(), [], []

    def refresh(self, most=20):
        for p in sorted(glob.glob(self.pattern), key=os.path.getmtime):
            if p in self.names or ".part" in p or most == 0:
                continue
            z = np.load(p)
            self.names.add(p)
            self.x.append(z["x"])
            self.y.append(z["y"])
            most -= 1
        while len(self.x) > self.limit:
            self.x.pop(0)
            self.y.pop(0)

    def batch(self, g, size, n):
        """Random parts of random samples, turned and inverted at random."""
        xs, ys = np.empty((size, n, n), np.float32), np.empty((size, n // 4, n // 4), np.uint8)
        for i in range(size):
            s = g.integers(0, len(self.x))
            k = g.integers(0, len(self.x[s]))
            x, y = self.x[s][k], self.y[s][k]
            # Half of the parts keep to a border of the frame; the rest lie anywhere.
            r = (x.shape[0] - n) // 4
            cy, cx = (int(g.choice([0, r])) if g.random() < 0.25 else int(g.integers(0, r + 1)) for _ in "ab")
            x, y = x[cy * 4:cy * 4 + n, cx * 4:cx * 4 + n], y[cy:cy + n // 4, cx:cx + n // 4]
            if g.random() < 0.4:
                t = g.integers(0, 8)
                x, y = (np.rot90(a, t % 4) for a in (x, y))
                if t > 3:
                    x, y = x[:, ::-1], y[:, ::-1]
            xs[i] = x if g.random() < 0.5 else -x
            ys[i] = y
        p = xs.reshape(size, n // 2, 2, n // 2, 2).transpose(0, 2, 4, 1, 3).reshape(size, 4, n // 2, n // 2)
        return torch.from_numpy(np.ascontiguousarray(p)), torch.from_numpy(ys)


def loss_of(z, y):
    """Focal cross entropy over what counts, and a Dice term for the picture as a whole."""
    w = (y != 255).float()
    t = (y == 1).float()
    ce = nf.binary_cross_entropy_with_logits(z, t, reduction="none")
    p = torch.sigmoid(z)
    pt = torch.where(t > 0, p, 1 - p)
    focal = (1 - pt).clamp(min=1e-4) ** 1.5 * ce * torch.where(t > 0, 2.5, 1.0) * w
    count = (t * w).sum() + 0.01 * w.sum()
    dice = 1 - (2 * (p * t * w).sum() + 1) / ((p * w).sum() + (t * w).sum() + 1)
    return focal.sum() / count + 0.5 * dice


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--shards", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--minutes", type=float, required=True)
    a.add_argument("--start")
    a.add_argument("--rate", type=float, default=4e-3)
    a.add_argument("--batch", type=int, default=12)
    a.add_argument("--crop", type=int, default=160)
    a.add_argument("--seed", type=int, default=1)
    o = a.parse_args()
    torch.manual_seed(o.seed)
    torch.set_num_threads(1)
    g = np.random.default_rng(o.seed)
    net = Glance()
    if o.start:
        net.load_state_dict(torch.load(o.start)["net"])
    net.to(memory_format=torch.channels_last).train()
    mean = {k: v.clone() for k, v in net.state_dict().items()}
    opt = torch.optim.AdamW(net.parameters(), lr=o.rate, weight_decay=1e-4, foreach=True)
    pool = Pool(f"{o.shards}/*.npz", 160)
    pool.refresh()
    start, last, step, shown = time.time(), 0.0, 0, []
    while True:
        at = (time.time() - start) / (60 * o.minutes)
        if at >= 1:
            break
        rate = o.rate * min(1.0, (step + 1) / 200) * (0.5 * (1 + np.cos(np.pi * at)) * 0.98 + 0.02)
        for group in opt.param_groups:
            group["lr"] = rate
        x, y = pool.batch(g, o.batch, o.crop)
        z = net(x.to(memory_format=torch.channels_last))[:, 0]
        loss = loss_of(z, y)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 3.0)
        opt.step()
        step += 1
        if step % 10 == 0:
            keep = min(0.98, 1 - 1 / (1 + step / 100))
            for k, v in net.state_dict().items():
                if v.dtype.is_floating_point:
                    mean[k].mul_(keep).add_(v, alpha=1 - keep)
                else:
                    mean[k].copy_(v)
        shown.append(float(loss.detach()))
        if time.time() - last > 20:
            last = time.time()
            pool.refresh()
            print(f"{step} at {at:.3f} loss {np.mean(shown[-200:]):.4f} shards {len(pool.x)} rate {rate:.5f}", flush=True)
            torch.save({"net": mean, "step": step}, f"{o.out}/last.pt")
    torch.save({"net": mean, "step": step}, f"{o.out}/last.pt")
    print("steps", step, "loss", np.mean(shown[-500:]))


if __name__ == "__main__":
    main()

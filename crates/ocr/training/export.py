"""Checkpoint to ONNX, written node by node, with normalisation folded into the weights.

`python export.py CHECKPOINT OUT.onnx` also checks the file against PyTorch in ONNX Runtime.
"""

import hashlib
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto as T
from onnx import helper as H
from onnx import numpy_helper

from net import Glance


class Writer:
    def __init__(self):
        self.nodes, self.weights, self.count = [], [], 0

    def op(self, kind, inputs, **attributes):
        self.count += 1
        out = f"{kind.lower()}{self.count}"
        self.nodes.append(H.make_node(kind, inputs, [out], **attributes))
        return out

    def conv(self, x, conv, norm=None):
        w = conv.weight.detach().numpy().astype(np.float64)
        b = np.zeros(len(w)) if conv.bias is None else conv.bias.detach().numpy().astype(np.float64)
        if norm is not None:
            s = norm.weight.detach().numpy() / np.sqrt(norm.running_var.numpy().astype(np.float64) + norm.eps)
            w = w * s[:, None, None, None]
            b = norm.bias.detach().numpy() + (b - norm.running_mean.numpy()) * s
        n = self.count + 1
        for name, a in ((f"w{n}", w), (f"b{n}", b)):
            self.weights.append(numpy_helper.from_array(a.astype(np.float32), name))
        k, p = conv.kernel_size[0], conv.padding[0]
        return self.op("Conv", [x, f"w{n}", f"b{n}"], kernel_shape=[k, k], strides=list(conv.stride), pads=[p] * 4)

    def block(self, x, b):
        y = self.op("Relu", [self.conv(x, b.conv, b.norm)])
        return self.op("Add", [x, y]) if b.skip else y

    def shuffle(self, x):
        return self.op("DepthToSpace", [x], blocksize=2, mode="CRD")


def model(net):
    g = Writer()
    a = g.block("view", net.stem)
    b = g.block(g.block(a, net.down8), net.b8)
    c = g.block(b, net.down16)
    for m in net.b16:
        c = g.block(c, m)
    b = g.op("Add", [b, g.shuffle(g.conv(c, net.up))])
    b = g.block(b, net.out8)
    z = g.op("Add", [g.shuffle(g.conv(b, net.head)), g.conv(a, net.side)])
    g.nodes.append(H.make_node("Sigmoid", [z], ["text"]))
    graph = H.make_graph(g.nodes, "first-look", [H.make_tensor_value_info("view", T.FLOAT, ["n", 4, "h", "w"])],
                         [H.make_tensor_value_info("text", T.FLOAT, ["n", 1, "hh", "ww"])], g.weights)
    m = H.make_model(graph, opset_imports=[H.make_opsetid("", 13)], producer_name="obscura")
    m.ir_version = 8
    onnx.checker.check_model(m)
    return m


def main():
    net = Glance()
    net.load_state_dict(torch.load(sys.argv[1])["net"])
    net.eval()
    onnx.save(model(net), sys.argv[2])
    x = np.random.default_rng(1).uniform(-1, 1, (1, 4, 48, 64)).astype(np.float32)
    ours = torch.sigmoid(net(torch.from_numpy(x))).detach().numpy()
    theirs = onnxruntime.InferenceSession(sys.argv[2]).run(None, {"view": x})[0]
    data = open(sys.argv[2], "rb").read()
    print("difference", float(np.abs(ours - theirs).max()), "bytes", len(data), "sha256", hashlib.sha256(data).hexdigest())


if __name__ == "__main__":
    main()

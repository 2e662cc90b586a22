#!/usr/bin/env python3
"""The dual-channel model and its training step in plain PyTorch, eager mode: the other side of bench/train-step.

usage: train_step_pytorch.py MODEL.safetensors BATCH.safetensors --steps N --dropout P [--attention sdpa|matmul] [--precision fp32|bf16]

MODEL holds the parameters under Duovox's names, BATCH the tensors contextual, targets (B, T), phonetic (B, P), start, end (B, T),
codebook is a buffer of MODEL. Every row has full length, so that nothing is padded. The math is that of native/src/model: what a
PyTorch user would write with nn.functional, nn.GRU and the fused AdamW. Prints one JSON line: the loss of the first step and the
seconds of every step.
"""
import argparse
import json
import os
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file


class Model:
    def __init__(self, tensors, heads, dropout, attention):
        self.buffers = {name: value for name, value in tensors.items() if name.endswith(".codebook")}
        self.p = {name: value.clone().requires_grad_() for name, value in tensors.items() if name not in self.buffers}
        self.heads, self.dropout, self.attention = heads, dropout, attention
        self.layers = sum(name.startswith("contextual.layer.") and name.endswith("qkv.weight") for name in self.p)
        width, hidden = self.p["phonetic.embedding.unit.weight"].shape[1], self.p["phonetic.embedding.gru.forward.hidden.weight"].shape[1]
        self.gru = torch.nn.GRU(width, hidden, bidirectional=True, batch_first=True)
        names = {"weight_ih_l0": "input.weight", "weight_hh_l0": "hidden.weight", "bias_ih_l0": "input.bias", "bias_hh_l0": "hidden.bias"}
        for suffix, direction in (("", "forward"), ("_reverse", "backward")):
            for theirs, ours in names.items():
                name = f"phonetic.embedding.gru.{direction}.{ours}"
                with torch.no_grad():
                    getattr(self.gru, theirs + suffix).copy_(self.p[name])
                self.p[name] = getattr(self.gru, theirs + suffix)
        book = self.buffers["contextual.codebook"]
        centered = book - book.mean(0, keepdim=True)
        self.targets = centered / centered.square().mean().sqrt()

    def linear(self, name, x):
        return F.linear(x, self.p[name + ".weight"], self.p.get(name + ".bias"))

    def norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.p[name + ".weight"], self.p[name + ".bias"], 1e-12)

    def drop(self, x):
        return F.dropout(x, self.dropout, self.dropout > 0)

    def attend(self, name, x):
        rows, length, width = x.shape
        q, k, v = self.linear(name + ".qkv", x).view(rows, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        if self.attention == "sdpa":
            mixed = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout)
        else:
            mixed = self.drop((q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5).softmax(-1)) @ v
        return self.linear(name + ".output", mixed.transpose(1, 2).reshape(rows, length, width))

    def layer(self, name, x):
        y = self.norm(name + ".attention.norm", x + self.drop(self.attend(name + ".attention", x)))
        inner = F.gelu(self.linear(name + ".feed_forward.input", y))
        return self.norm(name + ".feed_forward.norm", y + self.drop(self.linear(name + ".feed_forward.output", inner)))

    def interact(self, name, words, phones):
        both = torch.cat([self.linear(name + ".contextual.input", words), self.linear(name + ".phonetic.input", phones)], -1)
        weight, bias = self.p[name + ".convolution.weight"], self.p[name + ".convolution.bias"]
        mixed = torch.tanh(F.conv1d(both.transpose(1, 2), weight, bias, padding=1).transpose(1, 2))
        out = [self.norm(f"{name}.{c}.norm", x + F.gelu(self.linear(f"{name}.{c}.output", mixed)))
               for c, x in (("contextual", words), ("phonetic", phones))]
        return out[0], out[1]

    def head(self, name, x):
        return self.linear(name + ".output", self.norm(name + ".norm", F.gelu(self.linear(name + ".dense", x))))

    def loss(self, batch):
        ids = batch["contextual"]
        words = F.embedding(ids, self.p["contextual.embedding.unit.weight"])
        words = words + self.p["contextual.embedding.position.weight"][: ids.shape[1]]
        words = self.drop(self.norm("contextual.embedding.norm", words))
        states, _ = self.gru(F.embedding(batch["phonetic"], self.p["phonetic.embedding.unit.weight"]))
        pick = [torch.gather(states, 1, batch[end].unsqueeze(-1).expand(-1, -1, states.shape[-1])) for end in ("start", "end")]
        phones = torch.cat(pick, -1)
        for i in range(self.layers):
            words, phones = self.layer(f"contextual.layer.{i}", words), self.layer(f"phonetic.layer.{i}", phones)
            words, phones = self.interact(f"interaction.{i}", words, phones)
        where = batch["targets"] >= 0
        target = batch["targets"][where]
        mcp = F.cross_entropy(self.head("heads.mcp", phones[where]).float(), target)
        mcr = F.l1_loss(self.head("heads.mcr", words[where]).float(), self.targets[target])
        return mcp + mcr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("batch")
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--heads", type=int, default=8)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--attention", choices=["sdpa", "matmul"], default="sdpa")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    args = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    torch.manual_seed(0)
    model = Model(load_file(args.model), args.heads, args.dropout, args.attention)
    batch = {name: value.long() for name, value in load_file(args.batch).items()}
    used = [value for name, value in model.p.items() if not name.startswith("heads.classification")]
    decay = [value for value in used if value.dim() > 1]
    plain = [value for value in used if value.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
                                  lr=1e-4, eps=1e-8, fused=True)
    losses, seconds = [], []
    for _ in range(args.steps):
        begun = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=args.precision == "bf16"):
            loss = model.loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(used, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        seconds.append(time.perf_counter() - begun)
    print(json.dumps({"losses": losses, "seconds": seconds}))


if __name__ == "__main__":
    main()

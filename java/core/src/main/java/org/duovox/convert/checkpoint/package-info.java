/// Files of PyTorch, NumPy and joblib as named tensors.
package org.duovox.convert.checkpoint;

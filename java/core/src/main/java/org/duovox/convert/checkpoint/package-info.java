/// Files of PyTorch, NumPy and joblib as named tensors, and the classes that their pickles may
/// name.
package org.duovox.convert.checkpoint;

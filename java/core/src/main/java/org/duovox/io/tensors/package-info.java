/// Files of tensors: safetensors and NPY.
package org.duovox.io.tensors;

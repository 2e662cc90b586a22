/// Files of tensors with their headers and metadata: safetensors and NPY.
package org.duovox.io.tensors;

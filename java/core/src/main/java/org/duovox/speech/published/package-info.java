/// HuBERT, wav2vec 2.0, data2vec, WavLM, CPC and ResDAVEnet-VQ from published checkpoints: their
/// configuration and their tensors, in shards too.
package org.duovox.speech.published;

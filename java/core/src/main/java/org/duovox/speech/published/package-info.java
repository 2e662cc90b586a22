/// HuBERT, wav2vec 2.0, data2vec, WavLM, CPC and ResDAVEnet-VQ from published checkpoints.
package org.duovox.speech.published;

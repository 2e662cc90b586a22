/// Spoken language understanding: intents and slots from a pretrained model, by probes or by
/// fine-tuning, from units or audio.
package org.duovox.slu;

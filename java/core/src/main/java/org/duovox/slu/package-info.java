/// Spoken language understanding: intents from a pretrained model, by a linear probe or by
/// fine-tuning.
package org.duovox.slu;

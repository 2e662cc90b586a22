/// Units and their vectors: streams, codebooks, utterances, and how a vocabulary is used.
package org.duovox.units;

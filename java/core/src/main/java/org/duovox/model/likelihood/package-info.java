/// Pseudo log-probabilities of utterances under a masked model.
package org.duovox.model.likelihood;

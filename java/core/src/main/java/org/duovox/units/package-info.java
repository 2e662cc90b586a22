/// What units are: streams, codebooks, utterances, and how often which unit occurs.
package org.duovox.units;

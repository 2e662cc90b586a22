/// From audio to frames: many utterances at once, long ones in chunks, shards by several processes.
package org.duovox.speech.extract;

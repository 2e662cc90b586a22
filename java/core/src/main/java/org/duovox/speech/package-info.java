/// What an encoder is: layers, frames and when they are, chunks.
package org.duovox.speech;

/// Encoders as an interface: layers, frames with their times, and how long audio is cut.
package org.duovox.speech;

/// Encoders by name or folder, and the signal transforms: log-mel and MFCC.
package org.duovox.speech.encoders;

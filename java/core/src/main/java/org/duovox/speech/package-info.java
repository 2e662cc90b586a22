/// From audio to frames: encoders, their layers and frame times, and folders of extracted features.
package org.duovox.speech;

/// Folders of extracted features: manifest, shards, index.
package org.duovox.speech.features;

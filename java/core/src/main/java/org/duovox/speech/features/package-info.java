/// Feature sets on disk: manifest, index and shards, written and read.
package org.duovox.speech.features;

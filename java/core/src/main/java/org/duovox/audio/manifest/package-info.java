/// Which utterances there are: manifests, folders of audio, excerpts of files, ids.
package org.duovox.audio.manifest;

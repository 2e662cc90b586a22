/// Files in general: their names and kinds, text, CSV, hashes, the cache folder.
package org.duovox.io;

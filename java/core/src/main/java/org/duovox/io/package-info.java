/// Files as such: their names and kinds, text read line by line, sums, caches.
package org.duovox.io;

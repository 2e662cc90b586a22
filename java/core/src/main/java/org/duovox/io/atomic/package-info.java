/// Output that is there whole or not at all, also when the process is killed.
package org.duovox.io.atomic;

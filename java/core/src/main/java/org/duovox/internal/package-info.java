/// The native library from Java, and how many threads it uses: the one room that touches foreign
/// memory and the bindings.
package org.duovox.internal;

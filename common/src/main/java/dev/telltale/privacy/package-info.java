/** What keeps people out of what is stored. */
package dev.telltale.privacy;

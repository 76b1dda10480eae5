/** Moves the focus to the error summary, so that keyboard and screen reader start where the work is. */
document.querySelector("[data-error-summary]")?.focus();

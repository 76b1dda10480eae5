/** Copy buttons: hidden in the markup, shown here, so nobody meets a button that does nothing. */
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const status = document.getElementById(`${button.dataset.copy}-status`);
  if (!(field instanceof HTMLInputElement) || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      if (status) status.textContent = button.dataset.copied ?? "";
    } catch (error) {
      // Refused by the browser (permission, focus): the address stays selected for copying by hand.
      if (!(error instanceof DOMException)) throw error;
      if (status) status.textContent = button.dataset.failed ?? "";
    }
  });
}

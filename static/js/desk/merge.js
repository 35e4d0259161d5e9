// Who writes a text together means it to stand: typing there gives that answer.
for (const place of document.querySelectorAll(".written")) {
  place.addEventListener("input", () => {
    const answer = place.parentElement.querySelector('input[type="radio"][value="written"]');
    if (answer) answer.checked = true;
  });
}

// The form's page on paper.
document.querySelector(".tools button").addEventListener("click", () => print());

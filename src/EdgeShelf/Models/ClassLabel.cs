namespace EdgeShelf.Models;

/// <summary>One line of `labels.csv`.</summary>
/// <param name="Index">The class's position in the logits.</param>
/// <param name="Label">Stable, for machines.</param>
/// <param name="Name">For people.</param>
/// <param name="Sku">The store's article number, where it has been assigned.</param>
sealed record ClassLabel(int Index, string Label, string Name, string? Sku);

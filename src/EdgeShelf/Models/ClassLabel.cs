namespace EdgeShelf.Models;

/// <summary>One line of `labels.csv`.</summary>
/// <param name="Index">The class's position in the logits.</param>
/// <param name="Label">Stable identifier of the class, for use by programs.</param>
/// <param name="Name">Display name of the class.</param>
/// <param name="Sku">The store's article number, or null if none has been assigned.</param>
sealed record ClassLabel(int Index, string Label, string Name, string? Sku);

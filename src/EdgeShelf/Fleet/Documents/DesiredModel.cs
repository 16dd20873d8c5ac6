namespace EdgeShelf.Fleet.Documents;

/// <summary>The model that the chain wants: where its archive is and how the device knows that it has the right one.</summary>
/// <param name="Name">The name in the manifest of the model.</param>
/// <param name="Version">The version in the manifest of the model.</param>
/// <param name="Url">An address with http or https.</param>
/// <param name="Sha256">The SHA-256 of the archive in lower-case hex.</param>
/// <param name="Size">The size of the archive in bytes.</param>
/// <param name="Signature">The signature of the archive in base64, or null for an unsigned one.</param>
sealed record DesiredModel(string Name, string Version, string Url, string Sha256, long Size, string? Signature);

/// <summary>The planogram that the chain wants: the document itself, or where it is.</summary>
/// <param name="Json">The document as UTF-8 JSON, already checked, or null if it has to be downloaded.</param>
/// <param name="Url">An address with http or https, or null.</param>
/// <param name="Sha256">The SHA-256 of the file in lower-case hex, where there is an address.</param>
sealed record DesiredPlanogram(byte[]? Json, string? Url, string? Sha256);

namespace EdgeShelf.Fleet.Claim;

/// <summary>What a device says of itself when it asks for credentials.</summary>
/// <param name="Serial">The serial number of its board, or null.</param>
/// <param name="Mac">The address of its network card, or null.</param>
/// <param name="Device">The name that it has for the time being.</param>
/// <param name="Key">The public key for which the answer is encrypted: a SubjectPublicKeyInfo as base64.</param>
sealed record ClaimRequest(int Schema, string? Serial, string? Mac, string Device, string Key);

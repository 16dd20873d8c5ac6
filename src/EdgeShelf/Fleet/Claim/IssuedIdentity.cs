namespace EdgeShelf.Fleet.Claim;

/// <summary>Who the device is since its claim, and with which broker and which claim it asked.</summary>
sealed record IssuedIdentity(string Broker, string? Claim, string Device, string? Group);

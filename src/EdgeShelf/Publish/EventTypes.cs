namespace EdgeShelf.Publish;

/// <summary>The types of event that publishing itself makes.</summary>
static class EventTypes
{
    /// <summary>`{"count","first_seq","last_seq","reason"}`: a run of messages given up because of a cap.</summary>
    public const string MessagesDropped = "messages-dropped";

    /// <summary>`{"count","first_seq","last_seq","reason"}`: messages that the broker refused for good, set aside.</summary>
    public const string MessagesRefused = "messages-refused";

    /// <summary>`{"first_seq","set_aside"}`: the database was lost or damaged; what waited in it is gone and numbers below `first_seq` are skipped.</summary>
    public const string OutboxRestarted = "outbox-restarted";

    /// <summary>`{"expires_at"}`: the device's own certificate ends within 30 days.</summary>
    public const string CertificateExpires = "certificate-expires";
}

namespace EdgeShelf.Publish.Documents;

/// <summary>What `…/event` says in `type`, with what comes in `data`. A contract: types are added, never renamed.</summary>
static class EventTypes
{
    /// <summary>`{"code","trigger","camera","hint"}`: a picture was asked for and there is none.</summary>
    public const string CaptureFailed = "capture-failed";

    /// <summary>The first picture after one or more failures.</summary>
    public const string CameraBack = "camera-back";

    /// <summary>`{"from","to"}`: from the next picture on another model answers.</summary>
    public const string ModelChanged = "model-changed";

    /// <summary>`{"in_use","hint"}`: the model that was chosen is damaged or does not fit; the one before answers.</summary>
    public const string ModelRefused = "model-refused";

    /// <summary>`{"count","first_seq","last_seq","reason"}`: a run of messages given up because of a cap.</summary>
    public const string MessagesDropped = "messages-dropped";

    /// <summary>`{"count","first_seq","last_seq","reason"}`: messages that the broker refused for good, set aside.</summary>
    public const string MessagesRefused = "messages-refused";

    /// <summary>`{"first_seq","set_aside"}`: the database was lost or damaged; what waited in it is gone and numbers below `first_seq` are skipped.</summary>
    public const string OutboxRestarted = "outbox-restarted";

    /// <summary>`{"expires_at"}`: the device's own certificate ends within 30 days.</summary>
    public const string CertificateExpires = "certificate-expires";

    /// <summary>`{"ongoing","since"}`: another device connects under this device's name, or does so no longer.</summary>
    public const string NameConflict = "name-conflict";
}

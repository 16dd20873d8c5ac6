namespace EdgeShelf.Models;

/// <summary>Tells a running service that `model use` or `model rollback` chose another model.</summary>
/// <param name="load">Loads and checks a model folder.</param>
sealed class ModelSwitch(ModelStore store, Func<string, LoadedModel> load)
{
    // What the service started with is what was chosen then.
    DateTime _seen = store.ChoiceStamp;

    /// <summary>The newly chosen model, once for each choice; the caller owns it. Null while the choice stands.</summary>
    /// <exception cref="ConfigurationException">The chosen model is missing or damaged. It is not tried again before the next choice.</exception>
    public LoadedModel? TakeChange()
    {
        DateTime stamp = store.ChoiceStamp;
        if (stamp == _seen)
            return null;
        _seen = stamp;
        return load(store.FolderInUse);
    }
}

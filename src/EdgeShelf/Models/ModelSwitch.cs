using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Gives a service the model to start with, and tells it that `model use` or `model rollback` chose another.</summary>
/// <param name="load">Loads and checks a model folder.</param>
sealed class ModelSwitch(ModelStore store, Func<string, LoadedModel> load)
{
    // What the service started with is what was chosen then.
    DateTime _seen = store.ChoiceStamp;

    /// <summary>Why the chosen model does not answer since the start; null when it does.</summary>
    public ConfigurationException? RefusedAtStart { get; private set; }

    /// <summary>
    /// The model in use. When that was chosen and has been damaged since, the one that answered before it: on a shelf that nobody
    /// visits, a sound model that says its name in each result is better than none. The caller owns it.
    /// </summary>
    /// <exception cref="ConfigurationException">No model is sound; the message is about the one in use.</exception>
    public LoadedModel LoadFirst()
    {
        try
        {
            return load(store.FolderInUse);
        }
        catch (ConfigurationException problem)
        {
            RefusedAtStart = problem;
            foreach (string name in store.Predecessors)
            {
                try
                {
                    return load(store.Find(name));
                }
                catch (ConfigurationException)
                {
                    // Damaged too: the next one, or else what is wrong with the chosen one.
                }
            }
            throw;
        }
    }

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

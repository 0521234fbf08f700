namespace Countersign.EndToEnd.Refusals;

/// <summary>
/// One gate for all tests of a class: starting it costs more than the tests. Each test brings clients and authorities of its own, with names of
/// their own, so that none sees what another did.
/// </summary>
public abstract class RefusalGround : IAsyncLifetime
{
    public RefusalGate Gate { get; private set; } = null!;

    /// <summary>What every server of the ground trusts, unless it says otherwise.</summary>
    public Identity Root { get; } = Identity.SelfSigned("CN=Root");

    protected abstract Task<RefusalGate> Open();

    public async ValueTask InitializeAsync() => Gate = await Open();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Gate is not null)
        {
            await Gate.DisposeAsync();
        }
    }
}

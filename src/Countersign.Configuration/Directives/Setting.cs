namespace Countersign.Configuration.Directives;

/// <summary>A value that a block may hold and the blocks in it inherit.</summary>
internal abstract class Setting;

/// <param name="fallback">nginx's default where no block says anything.</param>
internal sealed class Setting<T>(T fallback) : Setting
{
    public T Fallback => fallback;
}
